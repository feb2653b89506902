"use strict";
/* Whether the demo is there. While it is not, the page says so where nothing else stands, keeps what
   was typed, and goes on by itself once the demo is back. */

const Contact = { lost: false, again: "" };

const stoppedWords = () => [h("b", {}, "The demo has stopped."), " ",
  ...(Contact.again ? ["Start it again in your terminal, for example with ", h("code", {}, Contact.again), "."] : ["Start it again as you did before."]),
  " This page picks up by itself and keeps what you’ve typed."];

const loseContact = () => {
  if (Contact.lost) return;
  Contact.lost = true;
  byId("stopped").replaceChildren(...stoppedWords());
  byId("stopped").hidden = false;
  if (App.state) App.redrawGuide();
  mendFocus();
};

/* The vendor that is there now may be another: nothing is marked as having happened meanwhile. */
const findContact = () => {
  if (!Contact.lost) return;
  Contact.lost = false;
  byId("stopped").hidden = true;
  Vendor.forget();
  App.note("");
};

/* A person remembered from another workspace is forgotten. */
const refreshQuietly = () => App.refresh().catch((error) => {
  if (error.status === 404 && World.me) {
    World.me = "";
    remember("as", "");
    return refreshQuietly();
  }
  loseContact();
});

const LISTEN_AGAIN = 1000;

/* The browser itself comes back to a stream that broke, slowly, and never to one that was refused. */
const listen = () => {
  const source = new EventSource("/page/events");
  source.onmessage = refreshQuietly;
  source.onerror = () => {
    source.close();
    loseContact();
    setTimeout(listen, LISTEN_AGAIN);
  };
};
