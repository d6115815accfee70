// Says so where the page cannot start: a script that did not come, is not understood or throws leaves an empty page.
{
  const tell = (why) => {
    const place = document.getElementById('broken');
    if (!place) return;
    // base.css hides it as long as there is anything else on the page
    place.hidden = false;
    place.lastElementChild.textContent = String(why);
  };
  addEventListener(
    'error',
    ({ target, message }) => {
      if (message) tell(message);
      else if (target instanceof HTMLScriptElement) tell(target.src);
    },
    true,
  );
  addEventListener('unhandledrejection', ({ reason }) => tell(reason));
}
