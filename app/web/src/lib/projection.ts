/** Where a point of the province stands on the drawing; outlines and what is put on them use the same. */
const WEST = 97.3;
const NORTH = 29.4;
/** A degree of longitude is shorter than one of latitude; at 25 degrees north by this. */
const NARROW = Math.cos((25 * Math.PI) / 180);
const DEGREE = 100;

export const WIDE = 830;
export const HIGH = 840;

export function placed(lon: number, lat: number): [number, number] {
  return [(lon - WEST) * NARROW * DEGREE, (NORTH - lat) * DEGREE];
}
