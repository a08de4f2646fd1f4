"use strict";
{
  const order = document.getElementById("order");
  const choice = order.querySelector("select");
  const lists = [...document.querySelectorAll(".pictures")];
  const given = lists.map(list => [...list.children]);
  const byText = key => (x, y) => x.dataset[key] < y.dataset[key] ? -1 : x.dataset[key] > y.dataset[key] ? 1 : 0;
  // A value that is no number comes last, whichever way is sorted.
  const byNumber = (key, sign) => (x, y) => {
    const [a, b] = [Number(x.dataset[key]), Number(y.dataset[key])];
    return isNaN(a) || isNaN(b) ? isNaN(a) - isNaN(b) : sign * (a - b);
  };
  const orders = {
    record: () => 0,
    name: byText("name"),
    "chroma-up": byNumber("chroma", 1),
    "chroma-down": byNumber("chroma", -1),
    "logit-up": byNumber("logit", 1),
    "logit-down": byNumber("logit", -1),
  };
  const sort = () => lists.forEach((list, i) => list.append(...[...given[i]].sort(orders[choice.value])));
  choice.addEventListener("change", sort);
  // A browser may restore the choice of an earlier visit.
  addEventListener("pageshow", sort);
  order.hidden = false;
}
