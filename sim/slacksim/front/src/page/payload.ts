/* What the page's server says, as its Go types write it: page_state.go, page_vendor.go, page_guide.go. */

export type VendorAccount = { id: number; email: string; name: string; type: string; sites: string[]; blocked: boolean; details?: unknown };
export type VendorSite = { id: number; name: string; url: string };
export type VendorCall = { time: number; method: string; path: string; status: number; effect: string };

export type VendorView = {
  name: string;
  seats: { used: number; bought: number };
  accounts: VendorAccount[];
  sites: VendorSite[];
  calls: VendorCall[];
};
