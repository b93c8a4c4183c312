// A film prints as the frame that it shows: a picture beside it, for the paper alone.
window.addEventListener("beforeprint", () => {
  for (const film of document.querySelectorAll("video")) {
    if (film.readyState < 2 || film.nextElementSibling?.matches("img.frame")) continue;
    const canvas = document.createElement("canvas");
    canvas.width = film.videoWidth;
    canvas.height = film.videoHeight;
    canvas.getContext("2d").drawImage(film, 0, 0);
    const frame = new Image();
    frame.className = "frame";
    frame.alt = film.getAttribute("aria-label") ?? "";
    frame.src = canvas.toDataURL();
    film.after(frame);
  }
});
