/* What blocks need of the page around them, wherever they stand. */
import type { Page } from "./page";
import type { Pane } from "./pane";

/* Takes a file up to the workspace as the person in the pane. */
export const attach = (page: Page, pane: Pane) => async (file: File): Promise<unknown[]> => {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let letters = "";
  for (let at = 0; at < bytes.length; at += 8192) letters += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return (await page.server.post<{ files: unknown[] }>("attach", { as: pane.me, name: file.name, content: btoa(letters) })).files;
};
