"use strict";
{
  const Retry = 2000, Silence = 12000, Sure = 5000, SampleEvery = 10000, GoneFor = 600000, EndedShown = 10;
  const TokenKey = "koala-token";
  const Roles = ["control", "fetch", "embed", "write"];
  const Bounds = {
    store: "Bound by the store", embedders: "Bound by embedders", write_nodes: "Bound by write nodes", hosts: "Bound by hosts",
    fetch_nodes: "Bound by fetch nodes", outage: "Bound by an outage of the network", nothing: "Bound by nothing",
  };
  const byId = id => document.getElementById(id);
  const numbers = new Intl.NumberFormat("en"), rates = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
  const amount = (count, noun) => `${numbers.format(count)} ${noun}${count === 1 ? "" : "s"}`;
  const clock = time => new Date(time).toLocaleTimeString("en-GB");
  const wait = time => new Promise(done => setTimeout(done, time));

  // All text that comes from the cluster goes through these two: it stays text.
  const set = (element, text) => {
    if (element.textContent !== text) {
      element.textContent = text;
    }
  };
  const make = (tag, className, ...children) => {
    const element = document.createElement(tag);
    if (className) {
      element.className = className;
    }
    element.append(...children);
    return element;
  };
  const svg = (tag, attributes, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    element.append(...children);
    return element;
  };
  const tone = (element, name) => ["soft", "warn", "bad"].forEach(one => element.classList.toggle(one, one === name));

  // The children of an element by key. Those that stay keep their elements, and with them the focus and what is open.
  const kept = new WeakMap();
  const list = (parent, items, keyOf, begin, update) => {
    const before = kept.get(parent) ?? new Map(), after = new Map();
    let next = parent.firstElementChild;
    for (const item of items) {
      const key = keyOf(item), row = before.get(key) ?? begin(item);
      after.set(key, row);
      update(row, item);
      if (row.root === next) {
        next = next.nextElementSibling;
      } else {
        parent.insertBefore(row.root, next);
      }
    }
    before.forEach((row, key) => after.has(key) || row.root.remove());
    kept.set(parent, after);
  };

  // As koala status has it.
  const left = seconds => {
    const minute = 60, hour = 3600, day = 86400, rounded = unit => Math.max(1, Math.round(seconds / unit)) * unit;
    if (seconds < 50) {
      return "less than a minute left";
    } else if (seconds < 10 * minute) {
      return `about ${rounded(minute) / minute} min left`;
    } else if (seconds < 57.5 * minute) {
      return `about ${rounded(5 * minute) / minute} min left`;
    } else if (seconds < 5 * hour) {
      const whole = rounded(10 * minute), minutes = whole % hour / minute;
      return `about ${Math.floor(whole / hour)} h ${minutes > 0 ? `${minutes} min ` : ""}left`;
    } else if (seconds < 47.5 * hour) {
      return `about ${rounded(hour) / hour} h left`;
    }
    return seconds < 1000 * day ? `about ${rounded(day) / day} days left` : "years left";
  };

  // Requests

  let token = sessionStorage.getItem(TokenKey);
  const ask = (path, options = {}) =>
    fetch(path, { ...options, cache: "no-store", headers: token ? { Authorization: `Bearer ${token}` } : {} });
  const errorOf = async answer => {
    try {
      return (await answer.json()).error ?? `it answered ${answer.status}.`;
    } catch {
      return `it answered ${answer.status}.`;
    }
  };

  const command = async (method, path, message, done) => {
    tone(message, "soft");
    set(message, "…");
    try {
      const answer = await ask(path, { method });
      tone(message, answer.ok ? "soft" : "bad");
      set(message, answer.ok ? done : `Not done: ${await errorOf(answer)}`);
    } catch {
      tone(message, "bad");
      set(message, "Not done: this control node does not answer.");
    }
  };

  // A button that acts at its second press.
  const button = (label, sure, act) => {
    const element = make("button", "", label);
    element.type = "button";
    let timer = 0;
    const reset = () => {
      clearTimeout(timer);
      element.classList.remove("sure");
      set(element, label);
      timer = 0;
    };
    element.addEventListener("click", async () => {
      if (timer) {
        reset();
        element.disabled = true;
        await act();
        element.disabled = false;
      } else {
        element.classList.add("sure");
        set(element, sure);
        timer = setTimeout(reset, Sure);
      }
    });
    return element;
  };

  // Counts as bars with their numbers

  const counts = (table, entries) => {
    const most = Math.max(1, ...entries.map(entry => entry.count));
    const body = table.tBodies[0] ?? table.createTBody();
    list(body, entries, entry => entry.name, () => {
      const name = make("th"), number = make("td", "number"), bar = svg("rect", { class: "fill", height: "100%" });
      name.scope = "row";
      const share = make("td", "share", svg("svg", { "aria-hidden": "true" }, svg("rect", { class: "track", width: "100%", height: "100%" }), bar));
      return { root: make("tr", "", name, number, share), name, number, bar };
    }, (row, entry) => {
      set(row.name, entry.text ?? entry.name);
      set(row.number, numbers.format(entry.count));
      row.bar.setAttribute("width", `${100 * entry.count / most}%`);
    });
    table.hidden = entries.length === 0;
  };
  const countTable = caption => {
    const table = make("table", "counts");
    table.createCaption().textContent = caption;
    return table;
  };

  // Pictures, drawn from their bytes: a picture element could not send a token.

  const drawn = new Map();
  const draw = async (job, name, colour, gray) => {
    const path = `/api/v1/jobs/${encodeURIComponent(job)}/picture?name=${encodeURIComponent(name)}`;
    if (!drawn.has(path)) {
      if (drawn.size > 60) {
        drawn.delete(drawn.keys().next().value);
      }
      drawn.set(path, (async () => {
        const answer = await ask(path);
        return answer.ok ? await createImageBitmap(await answer.blob()) : null;
      })().catch(() => null));
    }
    const bitmap = await drawn.get(path);
    if (!bitmap) {
      drawn.delete(path);
      return;
    }
    [colour.width, colour.height, gray.width, gray.height] = [bitmap.width, bitmap.height, bitmap.width, bitmap.height];
    colour.getContext("2d").drawImage(bitmap, 0, 0);
    const context = gray.getContext("2d", { willReadFrequently: true });
    context.drawImage(bitmap, 0, 0);
    const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height);
    for (let i = 0; i < pixels.data.length; i += 4) {
      const [r, g, b] = [pixels.data[i], pixels.data[i + 1], pixels.data[i + 2]];
      pixels.data[i] = pixels.data[i + 1] = pixels.data[i + 2] = 0.299 * r + 0.587 * g + 0.114 * b;
    }
    context.putImageData(pixels, 0, 0);
  };

  // Jobs

  const isLive = job => job.phase === "opening" || job.phase === "working";
  const part = label => {
    const bar = make("progress"), count = make("span", "count");
    bar.setAttribute("aria-label", label);
    return { root: make("div", "part", make("span", "", label), bar, count), bar, count };
  };
  const setPart = (row, done, total, rate, noun, of = "of") => {
    // Without a value the bar would say that it is not known, and move.
    row.bar.max = Math.max(1, total ?? 1);
    row.bar.value = total ? done : 0;
    set(row.count, (total ? `${numbers.format(done)} ${of} ${amount(total, noun)}` : amount(done, noun)) + (rate ? `, ${rates.format(rate)}/s` : ""));
  };

  let shownJobs = 0;
  const beginJob = job => {
    const row = {
      id: job.job, title: make("h3"), phase: make("span", "phase"), left: make("span", "left"), source: make("p", "source soft"), bound: make("p"), why: make("span"), what: make("b"), note: make("p"),
      links: part("Links"), resized: part("Resized"), records: part("Records"), message: make("p", "soft"),
      outcomes: countTable("Links by outcome, of slices that are done"), hosts: countTable("Failed links by host, of the newest ones"),
      sides: countTable("Originals by longer side in pixels, of the newest ones"), chroma: countTable("Pictures by mean chroma, of the newest records"), pictures: make("ul", "pictures"),
      details: make("details"), sampled: 0, samplesLeft: 0,
    };
    row.message.setAttribute("role", "status");
    row.bound.append(row.what, " ", row.why);
    const of = encodeURIComponent(job.job);
    row.cancel = button("Cancel", "Really cancel?", () => command("DELETE", `/api/v1/jobs/${of}`, row.message, "Cancelled; its results are kept, and retrying or submitting it again resumes it."));
    row.retry = button("Retry failed", "Really retry?", () => command("POST", `/api/v1/jobs/${of}/retry`, row.message, "Its failed links are tried again."));
    row.picturesHead = make("h4", "", "Newest pictures: in colour, and in gray");
    row.details.append(
      make("summary", "", "Outcomes, hosts and pictures"),
      make("div", "columns", make("div", "", row.outcomes), make("div", "", row.hosts), make("div", "", row.sides), make("div", "", row.chroma)),
      row.picturesHead, row.pictures);
    row.picturesHead.hidden = true;
    row.details.open = isLive(job) || shownJobs === 0;
    shownJobs++;
    row.details.addEventListener("toggle", () => row.details.open && sample(row));
    row.root = make(
      "article", "job", make("div", "job-head", row.title, row.phase, row.left), row.source, row.bound, row.note,
      row.links.root, row.resized.root, row.records.root, make("div", "actions", row.cancel, row.retry, row.message), row.details);
    return row;
  };

  const updateJob = (row, job) => {
    const live = isLive(job), until = job.until ?? "records";
    set(row.title, job.job);
    set(row.phase, job.phase);
    row.phase.className = `phase phase-${job.phase}`;
    set(row.left, live && job.seconds_left ? left(job.seconds_left) : "");
    set(row.source, `${job.source} → ${job.data}${job.round > 1 ? `, round ${job.round}` : ""}`);
    row.bound.hidden = !live || !job.bound_by || Boolean(job.note);
    set(row.what, Object.hasOwn(Bounds, job.bound_by) ? `${Bounds[job.bound_by]}:` : "");
    set(row.why, job.bound_reason ?? "");
    row.note.hidden = !job.note;
    tone(row.note, job.phase === "failed" ? "bad" : "warn");
    set(row.note, job.note ?? "");
    setPart(row.links, job.resolved, job.links, live && job.links_per_second, "link");
    const isResolved = job.links > 0 && job.survivors + job.failed === job.links;
    const [pictures, of] = isResolved ? [job.survivors, "of"] : [job.links - job.failed, "of at most"];
    row.resized.root.hidden = until === "download";
    setPart(row.resized, job.survivors, pictures, 0, "picture", of);
    row.records.root.hidden = until !== "records";
    setPart(row.records, job.pictures, pictures, live && job.pictures_per_second, "picture", of);
    row.cancel.hidden = !live || !mayCommand;
    row.retry.hidden = live || !mayCommand || job.failed === 0;
    row.resolved = job.resolved;
    counts(row.outcomes, Object.entries(job.outcomes ?? {}).sort((x, y) => y[1] - x[1] || (x[0] < y[0] ? -1 : 1)).map(([name, count]) => ({ name, count })));
    if (row.phaseShown !== job.phase) {
      // A sample that was taken before may be of an earlier state: of a job that has ended two are enough.
      [row.phaseShown, row.samplesLeft] = [job.phase, live ? Infinity : 2];
    }
    if (row.details.open && row.samplesLeft > 0) {
      sample(row);
    }
  };

  const sample = async row => {
    const now = performance.now();
    if (row.sampled > 0 && now - row.sampled < SampleEvery) {
      return;
    }
    row.sampled = now;
    row.samplesLeft--;
    let found;
    try {
      const answer = await ask(`/api/v1/jobs/${encodeURIComponent(row.id)}/sample`);
      if (!answer.ok) {
        return;
      }
      found = await answer.json();
    } catch {
      return;
    }
    const reasons = host => Object.entries(host.outcomes).map(([name, count]) => `${name} ${numbers.format(count)}`).join(", ");
    counts(row.hosts, found.hosts.filter(host => host.failed > 0).slice(0, 10).map(host => ({ name: host.host, text: `${host.host} (${reasons(host)}; ${numbers.format(host.kept)} kept)`, count: host.failed })));
    const ranges = all => all.map(range => ({ name: range.range, count: range.count }));
    counts(row.sides, ranges(found.longer_sides));
    counts(row.chroma, ranges(found.chroma));
    const shown = found.pictures.filter(picture => picture.is_resized);
    row.picturesHead.hidden = shown.length === 0;
    list(row.pictures, shown, picture => picture.name, picture => {
      const colour = make("canvas"), gray = make("canvas"), text = make("p");
      colour.setAttribute("role", "img");
      gray.setAttribute("role", "img");
      colour.setAttribute("aria-label", `${picture.name} in colour`);
      gray.setAttribute("aria-label", `${picture.name} in gray`);
      draw(row.id, picture.name, colour, gray);
      return { root: make("li", "", make("div", "pair", colour, gray), text), text };
    }, (entry, picture) => set(entry.text, `${picture.url ?? picture.name}, ${picture.width} × ${picture.height}`));
  };

  // Rates

  const Hour = 3600;
  const plots = ["Links fetched", "Pictures embedded", "Pictures written"].map((name, series) => {
    const number = make("b"), most = make("span", "soft"), curve = svg("path", { class: "curve" }), under = svg("path", { class: "under" });
    const picture = svg(
      "svg", { viewBox: "0 0 360 100", preserveAspectRatio: "none", role: "img" }, under,
      svg("line", { class: "axis", x1: 0, x2: 360, y1: 100, y2: 100 }), svg("line", { class: "axis", x1: 0, x2: 360, y1: 0, y2: 0 }), curve);
    byId("rates").append(make(
      "figure", "plot", make("figcaption", "", make("span", "", `${name}: `, number), most), picture,
      make("div", "ends", make("span", "", "an hour ago"), make("span", "", "now"))));
    return { name, series: series + 1, number, most, curve, under, picture };
  });

  let points = [], spacing = 10;
  const drawPlots = now => {
    const shown = points.filter(point => now - point[0] <= Hour);
    for (const plot of plots) {
      const top = Math.max(1, ...shown.map(point => point[plot.series])), current = shown.length > 0 ? shown.at(-1)[plot.series] : 0;
      const x = point => (360 - 360 * (now - point[0]) / Hour).toFixed(1), y = point => (100 - 96 * point[plot.series] / top).toFixed(1);
      let line = "", area = "", begin = null, before = null;
      for (const point of shown) {
        // Where the node was away there is no line.
        const follows = before && point[0] - before[0] <= 3 * spacing;
        if (!follows && before) {
          area += `L${x(before)} 100Z`;
        }
        line += `${follows ? "L" : "M"}${x(point)} ${y(point)}`;
        area += `${follows ? "L" : `M${x(point)} 100L`}${x(point)} ${y(point)}`;
        [begin, before] = [begin ?? point, point];
      }
      plot.curve.setAttribute("d", line);
      plot.under.setAttribute("d", before ? `${area}L${x(before)} 100Z` : "");
      set(plot.number, `${rates.format(current)}/s`);
      set(plot.most, `at most ${rates.format(shown.length > 0 ? Math.max(...shown.map(point => point[plot.series])) : 0)}`);
      plot.picture.setAttribute("aria-label", `${plot.name} a second over the last hour: ${rates.format(current)} now`);
    }
  };
  const addPoint = point => {
    // The newest point is of now; it stays when the next one is due.
    if (points.length > 1 && points.at(-1)[0] - points.at(-2)[0] < spacing) {
      points.pop();
    }
    if (points.length === 0 || point[0] > points.at(-1)[0]) {
      points.push(point);
    }
    points = points.slice(-2 * Hour / spacing);
  };

  // Nodes

  const goneNodes = new Map();
  let nodesBefore = new Map();
  const cell = (head, ...children) => {
    const element = make("td", "", ...children);
    element.dataset.head = head;
    return element;
  };
  const fill = (element, text) => {
    set(element, text);
    element.classList.toggle("empty", text === "");
  };
  const beginNode = node => {
    const row = { address: make("span"), note: make("div", "note"), roles: cell("Roles"), state: cell("State"), version: cell("Version"), device: cell("Device"), work: cell("Work"), rate: cell("Rate") };
    row.drain = button("Drain", "Really drain?", () =>
      command("POST", `/api/v1/nodes/${encodeURIComponent(node.address)}/drain`, byId("node-message"), `${node.address} is draining: it finishes or returns its work, and leaves.`));
    row.root = make("tr", "", cell("Node", make("div", "", row.address, row.note)), row.roles, row.state, row.version, row.device, row.work, row.rate, cell("", row.drain));
    return row;
  };
  const updateNode = (row, node) => {
    set(row.address, node.address);
    const error = node.last_error ? `Last error, ${numbers.format(node.last_error_age_seconds ?? 0)} s ago: ${node.last_error}` : "";
    set(row.note, [node.outage ? "Its network looks broken." : "", node.note ?? "", error].filter(Boolean).join(" "));
    fill(row.roles, node.roles.join(", "));
    fill(row.state, node.gone ? `gone since ${clock(node.gone)}` : node.state);
    row.state.classList.toggle("state-bad", node.gone !== undefined || node.state === "Unreachable" || node.state === "Down");
    row.root.classList.toggle("gone", node.gone !== undefined);
    fill(row.version, node.version ?? "");
    fill(row.device, [node.device, node.device_busy === undefined || node.gone ? "" : `busy ${Math.round(100 * Math.min(1, node.device_busy))}%`].filter(Boolean).join(", "));
    fill(row.work, node.gone ? "" : [node.slices > 0 && amount(node.slices, "slice"), node.records > 0 && amount(node.records, "record")].filter(Boolean).join(", "));
    fill(row.rate, node.gone ? "" : [[node.links_per_second, "links"], [node.embedded_per_second, "embedded"], [node.written_per_second, "written"]]
      .filter(([rate]) => rate > 0).map(([rate, what]) => `${rates.format(rate)} ${what}/s`).join(", "));
    row.drain.hidden = !mayCommand || node.gone !== undefined;
  };
  const showNodes = (nodes, further, at) => {
    const present = new Map(nodes.map(node => [node.address, node]));
    if (further === 0) {
      nodesBefore.forEach((node, address) => present.has(address) || goneNodes.set(address, { ...node, gone: at }));
    }
    goneNodes.forEach((node, address) => (present.has(address) || at - node.gone > GoneFor) && goneNodes.delete(address));
    nodesBefore = present;
    const order = node => Math.min(...node.roles.map(role => Roles.indexOf(role)), Roles.length);
    const all = [...nodes, ...goneNodes.values()].sort((x, y) => order(x) - order(y) || (x.address < y.address ? -1 : 1));
    list(byId("nodes"), all, node => node.address, beginNode, updateNode);
    set(byId("node-counts"), Roles.map(role => `${nodes.filter(node => node.roles.includes(role)).length} ${role}`).join(", "));
    byId("more-nodes").hidden = further === 0;
    set(byId("more-nodes"), `${amount(further, "more node")} not listed.`);
  };

  // The stream

  let mayCommand = false, shownAt = 0;
  const state = (text, name) => {
    tone(byId("state"), name);
    set(byId("state"), text);
    set(byId("time"), "");
    byId("main").classList.toggle("stale", name === "bad");
  };
  const from = () => shownAt ? ` What is shown is from ${clock(shownAt)}.` : "";
  const on = {
    access: access => { mayCommand = access.may_command; },
    history: history => {
      [points, spacing] = [history.points, history.spacing];
    },
    cluster: cluster => {
      if (cluster.error) {
        state(`${cluster.error[0].toUpperCase()}${cluster.error.slice(1)}${from()}`, "bad");
        return;
      }
      shownAt = cluster.at;
      byId("main").hidden = false;
      set(byId("store"), cluster.store);
      const live = cluster.jobs.filter(isLive), ended = cluster.jobs.filter(job => !isLive(job));
      const shown = [...live, ...ended.slice(0, EndedShown)];
      list(byId("jobs"), shown, job => job.job, beginJob, updateJob);
      byId("no-jobs").hidden = shown.length > 0;
      const older = cluster.further_jobs + cluster.jobs.length - shown.length;
      byId("older-jobs").hidden = older === 0;
      set(byId("older-jobs"), `${amount(older, "older job")} not shown; koala jobs lists them.`);
      addPoint(cluster.rates);
      drawPlots(cluster.at / 1000);
      showNodes(cluster.nodes, cluster.further_nodes, cluster.at);
      document.title = live.length > 0 ? `${amount(live.length, "job")} in work · koala` : "koala";
      state("Live", "soft");
      set(byId("time"), clock(cluster.at));
    },
  };

  async function* events(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) {
        return;
      }
      rest += value;
      for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
        const fields = Object.fromEntries(rest.slice(0, end).split("\n").map(line => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
        rest = rest.slice(end + 2);
        yield { name: fields.event, data: JSON.parse(fields.data) };
      }
    }
  }

  const tokenGiven = reason => new Promise(given => {
    const form = byId("token"), text = byId("token-text");
    // What the API says is for the command line.
    set(byId("token-reason"), token ? "This control node does not know that token." : "This control node asks for a token.");
    state(reason, "warn");
    form.hidden = false;
    byId("main").hidden = true;
    text.focus();
    form.addEventListener("submit", event => {
      event.preventDefault();
      token = text.value.trim();
      sessionStorage.setItem(TokenKey, token);
      text.value = "";
      form.hidden = true;
      given();
    }, { once: true });
  });

  const seen = () => new Promise(done => document.addEventListener("visibilitychange", done, { once: true }));

  const followOnce = async () => {
    const ends = new AbortController();
    const hide = () => document.hidden && ends.abort();
    let timer = setTimeout(() => ends.abort(), Silence);
    // A browser has few connections to one node for all its tabs.
    document.addEventListener("visibilitychange", hide);
    try {
      const answer = await ask("/api/v1/events", { signal: ends.signal });
      if (answer.status === 401) {
        clearTimeout(timer);
        await tokenGiven("Not connected.");
        return true;
      }
      if (!answer.ok) {
        const error = await errorOf(answer);
        state(`Not connected: ${error}${from()}`, "bad");
        return false;
      }
      for await (const event of events(answer.body)) {
        clearTimeout(timer);
        timer = setTimeout(() => ends.abort(), Silence);
        on[event.name]?.(event.data);
      }
    } catch (failure) {
      if (!(failure instanceof TypeError || failure instanceof DOMException)) {
        console.error(failure);
      }
    } finally {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", hide);
    }
    if (!document.hidden) {
      state(`This control node does not answer; trying again every ${Retry / 1000} seconds.${from()}`, "bad");
    }
    return false;
  };

  (async () => {
    for (;;) {
      while (document.hidden) {
        await seen();
      }
      if (!await followOnce()) {
        await wait(Retry);
      }
    }
  })();
}
