/** Kinds of places, as everywhere in the system. */
export const PLACE_KINDS = [
  "OB_RESCUE_BED",
  "AICU",
  "LABOUR",
  "NEO_L2A",
  "NEO_L2B",
  "NEO_L3A",
  "NEO_L3B",
  "NEO_L3C",
  "NEO_VENT",
  "NEO_COOLING",
];
