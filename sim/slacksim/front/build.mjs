// Builds what Go embeds: for each page one script and one stylesheet, into ../page, and notices.md, which names the libraries that are built in.
// The same sources give the same bytes on every machine: nothing of where or when it was built is in them.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const PAGES = ["page", "break", "world"]; // src/NAME/main.tsx becomes NAME.js and NAME.css
const ALLOWED = ["Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"];

const { metafile } = await build({
  entryPoints: PAGES.map((name) => ({ in: `src/${name}/main.tsx`, out: name })),
  outdir: "../page",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  charset: "utf8",
  legalComments: "none", // notices.md has them
  jsx: "automatic",
  jsxImportSource: "preact",
  define: { "process.env.NODE_ENV": '"production"' },
  loader: { ".svg": "dataurl" },
  metafile: true,
  logLevel: "warning",
});

const packageOf = (input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];

const notice = (name) => {
  const folder = `node_modules/${name}`;
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  if (!ALLOWED.includes(license)) throw new Error(`${name} has the licence ${license}, which is not one of those allowed`);
  const text = readFileSync(`${folder}/${readdirSync(folder).find((file) => /^licen[cs]e/i.test(file))}`, "utf8");
  return `## ${name} ${version} (npm)\n\n${license}\n\n\`\`\`\n${text.trim()}\n\`\`\`\n`;
};

/* The pictures have a licence of their own, which that package does not name. */
const PICTURES = `## Twemoji (npm)

CC-BY-4.0

\`\`\`
The pictures of emoji are Twemoji's, unchanged. Copyright 2019 Twitter, Inc and other contributors.
Licensed under CC-BY 4.0: https://creativecommons.org/licenses/by/4.0/
\`\`\`
`;

const built = [...new Set(Object.keys(metafile.inputs).map(packageOf).filter(Boolean))].sort();
writeFileSync("notices.md", [...built.map(notice), PICTURES].join("\n"));
