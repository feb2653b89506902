/* The stream of what changes. A browser has six connections to one address, and a stream holds one for as long as it is open: of
   all the windows at one address a single one has it, and tells the others. When that one goes, another takes it over. */

const AGAIN = 1000;

export type Stream = { heard: (data: string) => void; lost: () => void };

/* The browser itself comes back to a stream that broke, slowly, and never to one that was refused. */
const open = (path: string, { heard, lost }: Stream, hold: () => boolean) => {
  const source = new EventSource(path);
  source.onmessage = (event) => heard(event.data);
  source.onerror = () => {
    source.close();
    lost();
    setTimeout(() => { if (hold()) open(path, { heard, lost }, hold); }, AGAIN);
  };
  return source;
};

/* Where windows can't agree on who has it (plain http from another machine), each has its own for as long as somebody looks. */
const alone = (path: string, stream: Stream) => {
  let source: EventSource | undefined;
  const look = () => {
    source?.close();
    source = document.hidden ? undefined : open(path, stream, () => !document.hidden);
  };
  document.addEventListener("visibilitychange", look);
  look();
};

export const listen = (path: string, stream: Stream) => {
  if (!navigator.locks) return alone(path, stream);
  const others = new BroadcastChannel("stream " + path);
  others.onmessage = ({ data }: MessageEvent<string | null>) => (data === null ? stream.lost() : stream.heard(data));
  const both: Stream = {
    heard: (data) => { stream.heard(data); others.postMessage(data); },
    lost: () => { stream.lost(); others.postMessage(null); },
  };
  void navigator.locks.request("stream " + path, () => {
    open(path, both, () => true);
    return new Promise(() => {}); // for as long as the window is there
  });
};
