// Opens a page in Chromium and runs the scenario there: node page.mjs CHROMIUM FLAGS...
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { chromium } from "playwright-core";

const [executablePath, ...args] = process.argv.slice(2);
const bundle = await readFile(new URL("bundle.js", import.meta.url));
const server = createServer((request, response) => {
  if (request.url === "/bundle.js") response.end(bundle);
  else response.setHeader("content-type", "text/html").end("<script src=/bundle.js></script>");
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const browser = await chromium.launch({ executablePath, args, headless: true });
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const given = { email: process.env.EMAIL, folder: process.env.FOLDER };
  const seen = await page.evaluate(([url, given]) => window.scenario(url, given), [`http://${process.env.ADDRESS}`, given]);
  console.log(JSON.stringify(seen));
} finally {
  await browser.close();
  server.close();
}
