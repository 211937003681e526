// Pictures, large: a click opens one, arrows, buttons and swipes lead on in a gallery, Escape or a click beside it closes.
(() => {
  const SWIPE = 40; // Pixels from which a finger has meant it.
  const made = (name, properties, ...children) => {
    const node = Object.assign(document.createElement(name), properties);
    node.append(...children);
    return node;
  };
  const button = (ariaLabel, textContent, act) => {
    const node = made("button", { type: "button", ariaLabel, textContent });
    node.addEventListener("click", act);
    return node;
  };

  /** Return a picture as the page shows it, to be chosen for the whole window. */
  const widened = (shown) => {
    const picture = shown.matches("picture") ? shown.cloneNode(true) : made("picture", {}, ...others(shown), shown.cloneNode());
    for (const chosen of picture.querySelectorAll("[srcset]")) chosen.sizes = "100vw";
    return picture;
  };
  /** Where the page names one file: the wider ones, whose widths stand beside it («a»: there is an AVIF too). */
  const others = ({ src, dataset: { wider } }) => {
    if (!wider) return [];
    const named = (width, kind) => `${src.replace(/-\d+(\.\w+\.)webp$/, `-${width}$1${kind}`)} ${width}w`;
    const source = (type) => made("source", {
      type: `image/${type}`,
      srcset: wider.split(" ").map((size) => named(parseInt(size), size.endsWith("a") ? type : "webp")).join(", "),
    });
    return [source("avif"), source("webp")];
  };

  /** One dialog for all galleries of the page; `links` are those of the gallery that was opened. */
  const viewer = {
    links: [],
    at: 0,

    build() {
      this.figure = made("figure", {});
      this.place = made("p", { className: "place" });
      const live = made("div", { ariaLive: "polite" }, this.figure, this.place);
      const buttons = [
        button("Đóng", "×", () => this.dialog.close()),
        button("Ảnh trước", "‹", () => this.move(-1)),
        button("Ảnh sau", "›", () => this.move(1)),
      ];
      this.dialog = made("dialog", { className: "viewer", ariaLabel: "Xem ảnh lớn" }, live, ...buttons);
      this.dialog.addEventListener("keydown", (event) => this.pressed(event));
      this.dialog.addEventListener("click", (event) => [this.dialog, live].includes(event.target) && this.dialog.close());
      this.dialog.addEventListener("touchstart", (event) => this.touched(event), { passive: true });
      this.dialog.addEventListener("touchend", (event) => this.released(event), { passive: true });
      document.body.append(this.dialog);
    },

    open(links, at) {
      if (!this.dialog) this.build();
      Object.assign(this, { links, at });
      this.dialog.classList.toggle("alone", links.length === 1);
      this.show();
      this.dialog.showModal(); // It keeps the focus within, and gives it back to the link when it closes.
    },

    move(steps) {
      this.at = (this.at + steps + this.links.length) % this.links.length;
      this.show();
    },

    show() {
      const link = this.links[this.at], cell = link.parentNode, picture = widened(link.firstElementChild);
      const image = picture.querySelector("img");
      Object.assign(image, { className: "", loading: "eager" });
      const words = cell.querySelector("figcaption") ?? cell.parentNode.querySelector(":scope > figcaption");
      const caption = made("figcaption", {}, ...(words?.cloneNode(true).childNodes ?? [image.alt]));
      this.figure.replaceChildren(picture, caption);
      this.place.textContent = `${this.at + 1}/${this.links.length}`;
    },

    pressed(event) {
      const steps = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!steps || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.move(steps);
    },

    // Two fingers, or one on a picture that was made larger, move the picture itself.
    touched({ touches }) {
      this.start = touches.length === 1 && (visualViewport?.scale ?? 1) <= 1.01 ? touches[0] : null;
    },

    released({ changedTouches: [end], touches }) {
      if (!this.start || touches.length) return;
      const across = end.clientX - this.start.clientX, down = end.clientY - this.start.clientY;
      if (Math.abs(across) > SWIPE && Math.abs(across) > 2 * Math.abs(down)) this.move(across < 0 ? 1 : -1);
    },
  };

  for (const figure of document.querySelectorAll("figure:not(.gallery *)")) {
    const links = [...figure.querySelectorAll("a.large:has(img)")];
    links.forEach((link, at) =>
      link.addEventListener("click", (event) => {
        // Who asks for another tab gets the picture itself there.
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        viewer.open(links, at);
      }));
  }
})();
