/** The types of the records on the socket. */
const AUDIO = 0x01;
const FLUSH = 0x02;
const INTERRUPT = 0x03;
const CLOSE = 0x05;
const READY = 0x10;
const VIDEO = 0x11;
const ERROR = 0x13;

const SAMPLE_RATE = 16_000;
/** Seconds from the arrival of the first sound to its playback, so that sound that is slightly late leaves no gap. */
const DELAY = 0.12;
/** Sound below this root mean square is silence: about -50 dBFS, the noise of a microphone in a quiet room. */
const QUIET = 100;
/** Maximum number of pictures that wait for their sound; 25 arrive per second. */
const MAX_PICTURES = 50;
/** Above this many unsent bytes, speech from the microphone is dropped. */
const MAX_UNSENT = 256 * 1024;

/**
 * A call with an avatar: draws it on a canvas, plays its voice, and sends it speech. Create it in a click handler,
 * because browsers allow sound only then. `onState` gets `ready`, `speaking`, `silent`, `error` with its code and
 * message, and `closed` with the code of the WebSocket, after which `connect` may be called again.
 */
export class AvatarCall {
  /** @type {WebSocket | undefined} */
  #socket;
  #player = new AudioContext({ sampleRate: SAMPLE_RATE });
  /** @type {Set<AudioBufferSourceNode>} */
  #sounds = new Set();
  /** When the received sound ends, in seconds of the player's clock. */
  #soundUntil = 0;
  /** When the avatar began, by the same clock: timestamps are relative to it. @type {number | undefined} */
  #began;
  /** @type {{ at: number, jpeg: Blob }[]} */
  #pictures = [];
  /** @type {{ context: AudioContext, stream: MediaStream } | undefined} */
  #microphone;
  /** Incremented by each request for the microphone and by turning it off, which cancels an earlier request. */
  #request = 0;
  #canvas;
  #onState;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {(state: string, detail?: { code: string | number, message?: string }) => void} onState
   */
  constructor(canvas, onState) {
    this.#canvas = canvas;
    this.#onState = onState;
    requestAnimationFrame(this.#draw);
  }

  /** @param {{ protocol: string, media_url: string, media_token: string }} relay from `POST /v1/pipecat/sessions` */
  connect({ protocol, media_url, media_token }) {
    this.#socket = new WebSocket(media_url, [protocol, media_token]);
    this.#socket.binaryType = 'arraybuffer';
    this.#began = undefined;
    this.#socket.onmessage = ({ data }) => this.#receive(data);
    this.#socket.onclose = ({ code }) => this.#onState('closed', { code });
  }

  /** Makes the avatar speak samples of one channel. @param {Int16Array} samples @param {number} sampleRate */
  say(samples, sampleRate) {
    this.#send(AUDIO, { sample_rate: sampleRate, num_channels: 1 }, samples);
  }

  /** Marks the end of an utterance. */
  flush() {
    this.#send(FLUSH);
  }

  /** Silences the avatar, and drops the rest of its speech. */
  interrupt() {
    for (const sound of this.#sounds) sound.stop();
    this.#pictures = [];
    this.#soundUntil = 0;
    this.#send(INTERRUPT);
  }

  /**
   * Makes the avatar speak the sound of the microphone. Rejects if that is not allowed. @param {string | URL} worklet
   */
  async listen(worklet) {
    await this.mute();
    const request = (this.#request += 1);
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true } });
    if (request !== this.#request) {
      for (const track of stream.getTracks()) track.stop();
      return;
    }
    const context = new AudioContext();
    this.#microphone = { stream, context };
    await context.audioWorklet.addModule(worklet);
    if (request !== this.#request) return;
    const node = new AudioWorkletNode(context, 'microphone');
    node.port.onmessage = ({ data }) => {
      if ((this.#socket?.bufferedAmount ?? 0) < MAX_UNSENT) this.say(data, context.sampleRate);
    };
    context.createMediaStreamSource(stream).connect(node);
  }

  /** Turns the microphone off. */
  async mute() {
    this.#request += 1;
    if (this.#microphone === undefined) return;
    const { stream, context } = this.#microphone;
    this.#microphone = undefined;
    for (const track of stream.getTracks()) track.stop();
    this.flush();
    await context.close();
  }

  /** Ends the session. */
  async close() {
    const muted = this.mute();
    // Sent before any wait, because a page that is being left runs nothing after one.
    this.#send(CLOSE);
    this.#socket?.close();
    await muted;
    if (this.#player.state !== 'closed') await this.#player.close();
  }

  /** @param {number} type @param {object} header @param {Int16Array} body */
  #send(type, header = {}, body = new Int16Array()) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    const json = new TextEncoder().encode(JSON.stringify(header));
    const record = new Uint8Array(9 + json.length + body.byteLength);
    const view = new DataView(record.buffer);
    view.setUint32(0, record.length - 4);
    view.setUint8(4, type);
    view.setUint32(5, json.length);
    record.set(json, 9);
    record.set(new Uint8Array(body.buffer, body.byteOffset, body.byteLength), 9 + json.length);
    this.#socket.send(record);
  }

  /** @param {ArrayBuffer} record */
  #receive(record) {
    const view = new DataView(record);
    const end = 9 + view.getUint32(5);
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(record, 9, end - 9)) || '{}');
    const type = view.getUint8(4);
    if (type === READY) this.#onState('ready');
    if (type === ERROR) this.#onState('error', header);
    if (type === AUDIO) this.#play(new Int16Array(record.slice(end)), header.timestamp_ms / 1000);
    if (type === VIDEO) this.#show(new Blob([record.slice(end)]), header.timestamp_ms / 1000);
  }

  /** Plays sound after the sound before it. @param {Int16Array} samples @param {number} timestamp in seconds */
  #play(samples, timestamp) {
    if (this.#player.state !== 'running') {
      // The browser has paused the page's sound. Drop speech that would be played late.
      this.#player.resume().catch(() => undefined);
      this.#soundUntil = 0;
      this.#began = undefined;
      return;
    }
    const now = this.#player.currentTime;
    const at = this.#soundUntil > now ? this.#soundUntil : now + DELAY;
    const isSilent = Math.hypot(...samples) < QUIET * Math.sqrt(samples.length);
    // Skip silence to catch up after a stall.
    if (isSilent && at > now + 2 * DELAY) return;
    this.#soundUntil = at + samples.length / SAMPLE_RATE;
    if (!Number.isNaN(timestamp)) this.#began = at - timestamp;
    if (isSilent) return;
    const sound = new AudioBufferSourceNode(this.#player, {
      buffer: new AudioBuffer({ length: samples.length, sampleRate: SAMPLE_RATE }),
    });
    sound.buffer?.getChannelData(0).set(Float32Array.from(samples, (sample) => sample / 0x8000));
    sound.connect(this.#player.destination);
    sound.start(at);
    if (this.#sounds.size === 0) this.#onState('speaking');
    this.#sounds.add(sound);
    sound.onended = () => {
      this.#sounds.delete(sound);
      if (this.#sounds.size === 0) this.#onState('silent');
    };
  }

  /**
   * Keeps a picture until its sound is played; in a hidden page, only the newest one. @param {Blob} jpeg @param
   * {number} timestamp
   */
  #show(jpeg, timestamp) {
    this.#began ??= this.#player.currentTime + DELAY - timestamp;
    if (document.hidden) this.#pictures = [];
    this.#pictures = [...this.#pictures, { at: this.#began + timestamp, jpeg }].slice(-MAX_PICTURES);
  }

  /** Draws the newest picture that is due, and drops those before it. */
  #draw = async () => {
    const { state, currentTime, outputLatency } = this.#player;
    const heard = state === 'running' ? currentTime - (outputLatency || 0) : Infinity;
    const newest = this.#pictures.findLastIndex(({ at }) => at <= heard);
    const [picture] = this.#pictures.splice(0, newest + 1).slice(-1);
    const bitmap = picture && (await createImageBitmap(picture.jpeg).catch(() => undefined));
    if (bitmap) this.#canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
    if (state !== 'closed') requestAnimationFrame(this.#draw);
  };
}
