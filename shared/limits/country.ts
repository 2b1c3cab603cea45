import { ApiError } from '../errors.ts';

/**
 * Country by calling code, the main country of each: ITU-T E.164 "List of country codes", as in the metadata of
 * libphonenumber (which whole would be 118 KB in a bundle that may have 420).
 */
const CALLING_CODES = `
US1 RU7 EG20 ZA27 GR30 NL31 BE32 FR33 ES34 HU36 IT39 RO40 CH41 AT43 GB44 DK45 SE46 NO47 PL48 DE49 PE51 MX52
CU53 AR54 BR55 CL56 CO57 VE58 MY60 AU61 ID62 PH63 NZ64 SG65 TH66 JP81 KR82 VN84 CN86 TR90 IN91 PK92 AF93 LK94
MM95 IR98 SS211 MA212 DZ213 TN216 LY218 GM220 SN221 MR222 ML223 GN224 CI225 BF226 NE227 TG228 BJ229 MU230
LR231 SL232 GH233 NG234 TD235 CF236 CM237 CV238 ST239 GQ240 GA241 CG242 CD243 AO244 GW245 IO246 AC247 SC248
SD249 RW250 ET251 SO252 DJ253 KE254 TZ255 UG256 BI257 MZ258 ZM260 MG261 RE262 ZW263 NA264 MW265 LS266 BW267
SZ268 KM269 SH290 ER291 AW297 FO298 GL299 GI350 PT351 LU352 IE353 IS354 AL355 MT356 CY357 FI358 BG359 LT370
LV371 EE372 MD373 AM374 BY375 AD376 MC377 SM378 UA380 RS381 ME382 XK383 HR385 SI386 BA387 MK389 CZ420 SK421
LI423 FK500 BZ501 GT502 SV503 HN504 NI505 CR506 PA507 PM508 HT509 GP590 BO591 GY592 EC593 GF594 PY595 MQ596
SR597 UY598 CW599 TL670 NF672 BN673 NR674 PG675 TO676 SB677 VU678 FJ679 PW680 WF681 CK682 NU683 WS685 KI686
NC687 TV688 PF689 TK690 FM691 MH692 KP850 HK852 MO853 KH855 LA856 BD880 TW886 MV960 LB961 JO962 SY963 IQ964
KW965 SA966 YE967 OM968 PS970 AE971 IL972 BH973 QA974 BT975 MN976 NP977 TJ992 TM993 AZ994 GE995 KG996 UZ998`;

/** Those that share another country's code, by their area: NANPA and CNAC for +1, Ofcom for +44, libphonenumber for the rest. */
const AREAS: Readonly<Record<string, string>> = {
  CA: '1204 1226 1236 1249 1250 1257 1263 1289 1306 1343 1354 1365 1367 1368 1382 1403 1416 1418 1428 1431 1437 1438 1450 1460 1468 1474 1506 1514 1519 1548 1579 1581 1584 1587 1604 1613 1639 1647 1672 1683 1705 1709 1742 1753 1778 1780 1782 1807 1819 1825 1867 1873 1879 1902 1905 1942',
  AG: '1268',
  AI: '1264',
  AS: '1684',
  BB: '1246',
  BM: '1441',
  BS: '1242',
  DM: '1767',
  DO: '1809 1829 1849',
  GD: '1473',
  GU: '1671',
  JM: '1658 1876',
  KN: '1869',
  KY: '1345',
  LC: '1758',
  MP: '1670',
  MS: '1664',
  PR: '1787 1939',
  SX: '1721',
  TC: '1649',
  TT: '1868',
  VC: '1784',
  VG: '1284',
  VI: '1340',
  KZ: '76 77',
  VA: '3906698',
  SJ: '4779',
  AX: '35818',
  YT: '262269 262639',
  TA: '2908',
  BQ: '5993 5994 5997',
  GG: '441481 447781 447839 447911',
  JE: '441534 447509 447797 447829 447937',
  IM: '441624 447524 447624 447924 4474576',
};

const COUNTRY_OF = new Map<string, string>([
  ...CALLING_CODES.trim()
    .split(/\s+/)
    .map((row): [string, string] => [row.slice(2), row.slice(0, 2)]),
  ...Object.entries(AREAS).flatMap(([country, areas]) =>
    areas.split(' ').map((area): [string, string] => [area, country]),
  ),
]);
const LONGEST = Math.max(...[...COUNTRY_OF.keys()].map((prefix) => prefix.length));

/** The country of a number by its longest known prefix. @param phone E.164 digits @returns ISO 3166-1 alpha-2, null for none */
export function countryOf(phone: string): string | null {
  for (let length = LONGEST; length > 0; length--) {
    const country = COUNTRY_OF.get(phone.slice(0, length));
    if (country) return country;
  }
  return null;
}

/** @throws ApiError 403 when the key has a list and the number's country is not on it: a number of no country is on none */
export function requireCountry(phone: string, allowed: readonly string[] | undefined): void {
  if (allowed === undefined || allowed.includes(countryOf(phone) ?? '')) return;
  throw new ApiError('country_not_allowed', 'This API key may not send codes to the country of this number.');
}
