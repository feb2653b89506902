/* esbuild takes a stylesheet that is imported into the page's own. */
declare module "*.css";
/* And a picture as an address that has all of it. */
declare module "*.svg" { const address: string; export default address; }
