#!/usr/bin/env python3
"""The pods of overlays/local-path as confined podman containers: a job through kill -9, a drain, and embedders from none to two and back.

    k8s/check/confined.py IMAGE [FOLDER]

IMAGE is one that k8s/Dockerfile made; FOLDER, for the store and secrets, is made and removed when none is given. Needs root, podman with a bridge that has names
(Debian: podman runc catatonit golang-github-containernetworking-plugin-dnsname), openssl, python3-yaml and k8s/check/install.sh. Every container is what
kubectl renders: arguments, environment, user, read-only root, no capabilities, limits. What is other than in a cluster: no probes by a kubelet (this program
asks them), no policies, embedders are simulated, and the web is on this machine, so fetch nodes run without --forbid-private.
"""
import http.client
import http.server
import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import yaml

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
NETWORK = "koala-confined"
SUBNET = "10.188.77"
LINKS = 1500
HTTP_PORT = 8660
PROBES_PORT = 8670


def run(*words, check=True):
    done = subprocess.run(words, capture_output=True, text=True)
    if check and done.returncode != 0:
        sys.exit(f"confined: {' '.join(words)}\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


def say(sentence):
    print(f"{time.strftime('%H:%M:%S')} {sentence}", flush=True)


def until(what, seconds, is_so):
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            sys.exit(f"confined: NOT SEEN within {seconds} s: {what}")
        time.sleep(2)
    say(what)


class Web(http.server.BaseHTTPRequestHandler):
    """/N.jpg: pictures of the golden data, again and again."""

    pictures = [path.read_bytes() for path in sorted((REPOSITORY / "tests/golden/resized_299x299/files").iterdir())[:20]]

    def do_GET(self):
        time.sleep(0.3)  # So that fetching takes long enough to be disturbed.
        body = self.pictures[int(self.path.strip("/").split(".")[0]) % len(self.pictures)]
        self.send_response(200)
        self.send_header("Content-Type", "image/jpeg")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass  # Who asked was killed.

    def log_message(self, *_):
        pass


class Cluster:
    def __init__(self, image, folder):
        self.image, self.folder = image, folder
        rendered = run(str(REPOSITORY / "k8s/check/kubectl"), "kustomize", str(REPOSITORY / "k8s/overlays/local-path"))
        self.workloads = {
            manifest["metadata"]["name"]: manifest for manifest in yaml.safe_load_all(rendered) if manifest["kind"] in ("StatefulSet", "Deployment")}
        self.addresses = {}
        self.secrets()
        run("podman", "network", "create", "--subnet", f"{SUBNET}.0/24", "--gateway", f"{SUBNET}.1", NETWORK)

    def secrets(self):
        run(str(REPOSITORY / "k8s/tls-by-hand.sh"), str(self.folder / "authority"))
        for name, files in {"koala-tls": ["tls.crt", "tls.key", "ca.crt"]}.items():
            (self.folder / name).mkdir()
            for file in files:
                shutil.copy(self.folder / "authority" / file, self.folder / name / file)
        (self.folder / "koala-tokens").mkdir()
        for name in ("command", "view"):
            (self.folder / "koala-tokens" / name).write_text(os.urandom(32).hex())
        (self.folder / "store").mkdir()
        for name in ("koala-tls", "koala-tokens", "store"):
            for path in [self.folder / name, *(self.folder / name).iterdir()]:
                os.chown(path, 0 if name != "store" else 10001, 10001)
                path.chmod(0o770 if path.is_dir() else 0o440)
        os.chmod(self.folder, 0o755)

    def start(self, workload, number):
        pod = self.workloads[workload]["spec"]["template"]["spec"]
        container = pod["containers"][0]
        name = f"{workload}-{number}"
        address = self.addresses.setdefault(name, f"{SUBNET}.{10 + len(self.addresses)}")
        aliases = [f"{name}.koala-control.koala.svc", "koala.koala.svc"] if workload == "koala-control" else [address.replace(".", "-") + ".koala.pod"]
        fields = {"metadata.name": name, "status.podIP": address}
        environment = {}
        for variable in container["env"]:
            value = variable.get("value") or fields[variable["valueFrom"]["fieldRef"]["fieldPath"]]
            environment[variable["name"]] = self.filled(value, environment)
        words = [self.filled(word, environment) for word in container["args"]]
        words = [word for word in words if word != "--forbid-private"]
        if workload == "koala-embed":
            words += ["--device", "simulated:40"]
        user, confined, limits = pod["securityContext"], container["securityContext"], container["resources"]["limits"]
        assert confined == {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}, confined
        options = [
            "--detach", "--name", name, "--pull", "never", "--network", NETWORK, "--ip", address, *[f"--network-alias={alias}" for alias in aliases],
            "--user", f"{user['runAsUser']}:{user['runAsGroup']}", "--read-only", "--read-only-tmpfs=false", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
            "--memory", limits["memory"].replace("Gi", "g"), "--stop-timeout", str(pod["terminationGracePeriodSeconds"]), "--hostname", name,
            *[f"--env={key}={value}" for key, value in environment.items()],
        ]
        sources = {volume["name"]: volume for volume in pod["volumes"]}
        for mount in container["volumeMounts"]:
            volume = sources[mount["name"]]
            if "emptyDir" in volume:
                options += ["--tmpfs", f"{mount['mountPath']}:rw,mode=1777,size={volume['emptyDir']['sizeLimit'].replace('Mi', 'm').replace('Gi', 'g')}"]
            else:
                source = "store" if "persistentVolumeClaim" in volume else volume["secret"]["secretName"]
                options += ["--volume", f"{self.folder / source}:{mount['mountPath']}:{'ro' if mount.get('readOnly') else 'rw'}"]
        run("podman", "rm", "--force", "--ignore", name)
        run("podman", "run", *options, self.image, *words)

    @staticmethod
    def filled(text, environment):
        for key, value in environment.items():
            text = text.replace(f"$({key})", value)
        return text

    def state(self, name):
        return run("podman", "inspect", "--format", "{{.State.Status}} {{.State.ExitCode}}", name, check=False)

    def ready(self, name):
        try:
            with urllib.request.urlopen(f"http://{self.addresses[name]}:{PROBES_PORT}/healthz/ready", timeout=3) as answer:
                return answer.status == 200
        except OSError:
            return False

    def koala(self, *words):
        return run("podman", "exec", "koala-control-0", "/koala/koala", *words)

    def wanted(self):
        """What KEDA's metrics-api scaler would read: by HTTPS, with the view token and the authority's certificate."""
        context = ssl.create_default_context(cafile=self.folder / "koala-tls/ca.crt")
        connection = http.client.HTTPSConnection("koala.koala.svc", HTTP_PORT, context=context, timeout=5)
        address = self.addresses["koala-control-0"]
        connection._create_connection = lambda _, *rest: socket.create_connection((address, HTTP_PORT), *rest)
        token = (self.folder / "koala-tokens/view").read_text()
        connection.request("GET", "/api/v1/scaling/embed?pictures_per_embedder=200", headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise OSError(f"{answer.status} {body}")
        return json.loads(body)["wanted"]

    def close(self):
        for name in self.addresses:
            run("podman", "rm", "--force", "--ignore", "--time", "0", name, check=False)
        run("podman", "network", "rm", NETWORK, check=False)


class Scaler(threading.Thread):
    """A stand-in for KEDA: as many embedders as are wanted, two at most; fewer only after a quiet time, one that is told to leave at a time."""

    def __init__(self, cluster):
        super().__init__(daemon=True)
        self.cluster, self.number, self.seen, self.ended = cluster, 0, [0], False

    def run(self):
        quiet = 0
        while not self.ended:
            try:
                wanted = min(2, self.cluster.wanted())
            except OSError as unreachable:
                say(f"the scaler keeps {self.number}: {unreachable}")
                wanted = self.number
            quiet = quiet + 1 if wanted < self.number else 0
            if wanted > self.number:
                self.cluster.start("koala-embed", self.number)
                self.set(self.number + 1)
            elif quiet >= 5:
                name = f"koala-embed-{self.number - 1}"
                run("podman", "stop", name)
                assert self.cluster.state(name) == "exited 0", self.cluster.state(name)
                self.set(self.number - 1)
            time.sleep(2)

    def set(self, number):
        self.number = number
        self.seen.append(number)
        say(f"embedders: {number}")


def main(image, folder):
    cluster = Cluster(image, folder)
    web = None
    try:
        cluster.start("koala-control", 0)
        for workload in ("koala-fetch", "koala-write"):
            cluster.start(workload, 0)
            cluster.start(workload, 1)
        names = list(cluster.addresses)
        until("all nodes are ready, by their own probes", 180, lambda: all(cluster.ready(name) for name in names))
        for words in (["touch", "/koala/x"], ["touch", "/x"]):
            assert subprocess.run(["podman", "exec", "koala-fetch-0", *words], capture_output=True).returncode != 0, words
        say("the root file system cannot be written: " + run("podman", "exec", "koala-fetch-0", "id"))

        web = http.server.ThreadingHTTPServer((f"{SUBNET}.1", 0), Web)
        threading.Thread(target=web.serve_forever, daemon=True).start()
        (folder / "store/links.txt").write_text("".join(f"http://{SUBNET}.1:{web.server_port}/{i}.jpg\n" for i in range(LINKS)))
        say(cluster.koala("submit", "/store/links.txt", "birds", "--allow-private", "--batch-size", "50"))
        status = lambda: [event for event in map(json.loads, cluster.koala("status", "birds", "--json").splitlines()) if "phase" in event][-1]

        until("slices are worked on", 60, lambda: status()["slices_in_work"] > 0)
        run("podman", "kill", "--signal", "KILL", "koala-fetch-0")
        say(f"koala-fetch-0 killed ({status()['resolved']} of {LINKS} links are resolved): " + cluster.state("koala-fetch-0"))
        cluster.start("koala-fetch", 0)

        until("records wait, and no embedder is there", 300, lambda: cluster.wanted() >= 1)
        scaler = Scaler(cluster)
        scaler.start()
        until("a record is written", 300, lambda: status()["records_written"] > 0)

        run("podman", "kill", "--signal", "KILL", "koala-write-1")
        say("koala-write-1 killed: " + cluster.state("koala-write-1"))
        cluster.start("koala-write", 1)
        say(cluster.koala("drain", cluster.addresses["koala-write-0"].replace(".", "-") + ".koala.pod:8650"))
        until("koala-write-0 has left with code 0", 90, lambda: cluster.state("koala-write-0") == "exited 0")
        cluster.start("koala-write", 0)

        until("the job is done", 900, lambda: status()["phase"] == "done")
        say(cluster.koala("verify", "/store/birds"))
        until("no record waits, and the embedders are gone", 120, lambda: scaler.number == 0)
        scaler.ended = True
        say(f"embedders, in turn: {scaler.seen}")
        assert max(scaler.seen) == 2 and scaler.seen[-1] == 0, scaler.seen
        for name in ("koala-fetch-1", "koala-control-0"):
            run("podman", "stop", name)
            assert cluster.state(name) == "exited 0", cluster.state(name)
        say("confined: all seen")
    except BaseException:
        for name in cluster.addresses:
            print(f"---- {name}: {cluster.state(name)}\n{run('podman', 'logs', '--tail', '15', name, check=False)}", flush=True)
        raise
    finally:
        if web is not None:
            web.shutdown()
        cluster.close()


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    if len(sys.argv) == 3:
        pathlib.Path(sys.argv[2]).mkdir(parents=True)
        main(sys.argv[1], pathlib.Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(sys.argv[1], pathlib.Path(folder))
