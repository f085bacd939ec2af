import { useEffect, useId, useRef, type PointerEvent } from 'react';

import { draw, MAX_ZOOM, moved, type Crop } from './crop.ts';

const CANVAS_SIDE = 640;
const STEP = 0.01;

export interface CropFieldProps {
  image: ImageBitmap;
  value: Crop;
  onChange: (crop: Crop) => void;
}

/** Chooses the square of an image: by dragging, or with three sliders for the keyboard. */
export function CropField({ image, value, onChange }: CropFieldProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current !== null) draw(canvas.current, image, value);
  }, [image, value]);
  const drag = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.buttons !== 1) return;
    const width = event.currentTarget.clientWidth;
    onChange(moved(image, value, -event.movementX / width, -event.movementY / width));
  };
  const canMoveX = value.zoom > 1 || image.width > image.height;
  const canMoveY = value.zoom > 1 || image.height > image.width;
  return (
    <div className="crop">
      <canvas
        ref={canvas}
        width={CANVAS_SIDE}
        height={CANVAS_SIDE}
        role="img"
        aria-label="The part of the image to upload"
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
      />
      <div className="crop-sliders">
        <Slider
          name="Zoom"
          value={value.zoom}
          min={1}
          max={MAX_ZOOM}
          onChange={(zoom) => onChange({ ...value, zoom })}
        />
        <Slider
          name="Left to right"
          value={value.x}
          isDisabled={!canMoveX}
          onChange={(x) => onChange({ ...value, x })}
        />
        <Slider
          name="Top to bottom"
          value={value.y}
          isDisabled={!canMoveY}
          onChange={(y) => onChange({ ...value, y })}
        />
      </div>
    </div>
  );
}

interface SliderProps {
  name: string;
  value: number;
  onChange: (value: number) => void;
  min?: number;
  max?: number;
  isDisabled?: boolean;
}

function Slider({ name, value, onChange, min = 0, max = 1, isDisabled = false }: SliderProps) {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{name}</label>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={STEP}
        value={value}
        disabled={isDisabled}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
    </>
  );
}
