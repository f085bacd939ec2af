// Runs in the browser's audio thread: converts the microphone's sound to PCM16, 20 ms at a time.
class Microphone extends AudioWorkletProcessor {
  #samples = new Int16Array(sampleRate / 50);
  #filled = 0;

  /** @param {Float32Array[][]} inputs */
  process([channels]) {
    for (const value of channels?.[0] ?? []) {
      this.#samples[this.#filled++] = Math.max(-1, Math.min(1, value)) * 0x7fff;
      if (this.#filled === this.#samples.length) {
        this.port.postMessage(this.#samples.slice());
        this.#filled = 0;
      }
    }
    return true;
  }
}

registerProcessor('microphone', Microphone);
