/** The simplified outlines of counties and where their seats are, drawn at build time as paths. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Plugin } from "vite";

import { placed } from "../src/lib/projection";

const NAME = "virtual:geography";
const FOLDER = "../../../geodata/yunnan";

type Ring = [number, number][];
interface Outlines {
  features: { properties: { adcode: string }; geometry: { coordinates: Ring[][] } }[];
}

function pathOf(rings: Ring[][]): string {
  const drawn = (ring: Ring) => {
    const points = ring.map(([lon, lat]) => placed(lon, lat).map((n) => Number(n.toFixed(1))).join(" "));
    return `M${points.filter((one, at) => one !== points[at - 1]).join("L")}Z`;
  };
  return rings.flat().map(drawn).join("");
}

/** A name with a comma in it stands in quotes. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((found) => found[1] ?? found[2] ?? "");
}

function seatsOf(table: string): Record<string, [number, number]> {
  const [head, ...rows] = table.replace(/^\ufeff/, "").trim().split(/\r?\n/).map(cellsOf);
  const column = (name: string) => head!.indexOf(name);
  const [adcode, lon, lat] = ["adcode", "seat_lon", "seat_lat"].map(column);
  return Object.fromEntries(rows.map((row) => [row[adcode!]!, [Number(row[lon!]), Number(row[lat!])]]));
}

export function geography(): Plugin {
  return {
    name: "greenchannel-geography",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load(id) {
      if (id !== `\0${NAME}`) return undefined;
      const read = (name: string) => readFileSync(join(import.meta.dirname, FOLDER, name), "utf-8");
      const { features } = JSON.parse(read("outlines.geojson")) as Outlines;
      const outlines = Object.fromEntries(
        features.map((one) => [one.properties.adcode, pathOf(one.geometry.coordinates)]),
      );
      return [
        `export const outlines = ${JSON.stringify(outlines)};`,
        `export const seats = ${JSON.stringify(seatsOf(read("counties.csv")))};`,
      ].join("\n");
    },
  };
}
