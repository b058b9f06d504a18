// Prints the public and bank holidays of regions in years, one line of JSON each:
// their region, day and name. Arguments: the first and the last year, then regions.
//
// A whole holiday that lasts several days is printed for each of them.

import Holidays from "date-holidays";

const [first, last, ...regions] = process.argv.slice(2);
for (const region of regions) {
  const [country, part] = region.split("-");
  const found = new Holidays();
  if (!found.init(country, part)) {
    console.log(JSON.stringify({ region, unknown: true }));
    continue;
  }
  for (let year = Number(first); year <= Number(last); year++) {
    for (const { date, end, start, name, type } of found.getHolidays(year)) {
      if (type !== "public" && type !== "bank") continue;
      const days = Math.max(1, Math.round((end - start) / 86_400_000));
      for (let i = 0; i < days; i++) {
        const day = new Date(Date.parse(date.slice(0, 10)) + i * 86_400_000).toISOString().slice(0, 10);
        console.log(JSON.stringify({ region, day, name, type }));
      }
    }
  }
}
