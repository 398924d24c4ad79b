"""The same distances and CROWN bounds in PyTorch, as fast as batches of plain products get.

`linear-regions bench --parts pytorch` starts this program with a folder that holds

    network.json   {"widths": [inputs, units, ...], "points": n}
    values.bin     float32: kernel [in, out] and bias of each hidden layer, then the points [n, inputs]

and writes one request a line to its standard input:

    {"measure": "distance"} or {"measure": "crown", "radius": 0.01}, and with "save": FILE the values too

The answer is one line, {"milliseconds": ..., "chunk": points at a time}. Every hidden layer is followed by a ReLU. All
rows are computed: the Jacobian of each hidden unit, and both sides of each hidden unit's bounds.

What makes it fast: the first layer is replaced by its square factor (QR of W_1^T in float64, made once and not
timed), products run over chunks of points that stay in the processor's cache (the chunk that is fastest on this
machine is found before anything is timed), slopes are multiplied into the weights where these are still the same at all
points, both sides of a bound are rows of one product, and results go to memory that was set aside before.
"""

import json
import sys
import time

import torch


class Network:
    def __init__(self, folder):
        with open(f"{folder}/network.json") as file:
            shape = json.load(file)
        with open(f"{folder}/values.bin", "rb") as file:
            values = torch.frombuffer(bytearray(file.read()), dtype=torch.float32)
        widths, count = shape["widths"], shape["points"]
        sizes = []
        for fan_in, units in zip(widths, widths[1:]):
            sizes += [fan_in * units, units]
        *parts, points = values.split(sizes + [count * widths[0]])
        self.points = points.view(count, widths[0])
        # A layer's rows are its units: z = W h + b.
        self.weights = [
            kernel.view(fan_in, units).T.contiguous()
            for kernel, fan_in, units in zip(parts[0::2], widths, widths[1:])
        ]
        self.biases = parts[1::2]
        self.factor = factor(self.weights[0])


def factor(weight):
    """The square F with ||a F|| = ||a W|| for every row a, where W has fewer rows than columns."""
    units, inputs = weight.shape
    if units >= inputs:
        return weight
    return torch.linalg.qr(weight.double().T, mode="r").R.T.float().contiguous()


def forward(network, count):
    """Pre-activations of every hidden layer at the first `count` points, [points, units] each."""
    values, pre = network.points[:count], []
    for weight, bias in zip(network.weights, network.biases):
        pre.append(torch.addmm(bias, values, weight.T))
        values = pre[-1].relu()
    return pre


class Distance:
    """min over all units of |z_i(x)| / ||grad_x z_i(x)||, from the whole Jacobians."""

    def __init__(self, network, chunk):
        self.network, self.chunk = network, chunk
        inputs = network.factor.shape[1]
        self.folded = [torch.empty(chunk, *weight.shape) for weight in network.weights]
        self.jacobians = [torch.empty(chunk, weight.shape[0], inputs) for weight in network.weights]

    def __call__(self, count):
        network = self.network
        pre = forward(network, count)
        masks = [(z > 0).float() for z in pre]
        best = (pre[0].abs() / network.factor.norm(dim=1)).amin(1)
        for points in chunks(count, self.chunk):
            size = points.stop - points.start
            for layer in range(1, len(pre)):
                folded, jacobian = self.folded[layer][:size], self.jacobians[layer][:size]
                torch.mul(network.weights[layer], masks[layer - 1][points, None, :], out=folded)
                if layer == 1:
                    torch.mm(folded.flatten(0, 1), network.factor, out=jacobian.flatten(0, 1))
                else:
                    torch.bmm(folded, self.jacobians[layer - 1][:size], out=jacobian)
                length = torch.linalg.vector_norm(jacobian, dim=2)
                distance = pre[layer][points].abs() / length
                torch.minimum(best[points], distance.amin(1), out=best[points])
        return [best]


class Crown:
    """CROWN on the l2 ball, every layer's bounds by the same method and met with interval arithmetic."""

    def __init__(self, network, chunk, radius):
        self.network, self.chunk, self.radius = network, chunk, radius
        # The upper bound of z is minus the lower bound of -z, so that only lower bounds are pulled back.
        self.signed = [torch.cat([weight, -weight]) for weight in network.weights]
        self.negative = [signed.clamp(max=0) for signed in self.signed]
        widest = max(weight.shape[0] for weight in network.weights)
        self.buffers = torch.empty(2, chunk * 2 * widest * widest)

    def __call__(self, count):
        pre = forward(self.network, count)
        lower, upper = self.intervals(pre)
        for points in chunks(count, self.chunk):
            lines = []
            for layer in range(len(pre)):
                low, up = lower[layer][points], upper[layer][points]
                if layer > 0:
                    found = self.pull_back(layer, lines, [z[points] for z in pre])
                    torch.maximum(low, found[:, : low.shape[1]], out=low)
                    torch.minimum(up, -found[:, low.shape[1] :], out=up)
                lines.append(relaxation(low, up))
        return lower + upper

    def intervals(self, pre):
        reach = self.radius * self.network.factor.norm(dim=1)
        lower, upper = [pre[0] - reach], [pre[0] + reach]
        for weight, bias in zip(self.network.weights[1:], self.network.biases[1:]):
            low, up = lower[-1].relu(), upper[-1].relu()
            middle = torch.addmm(bias, (low + up) / 2, weight.T)
            spread = ((up - low) / 2) @ weight.T.abs()
            lower.append(middle - spread)
            upper.append(middle + spread)
        return lower, upper

    def pull_back(self, layer, lines, pre):
        """Lower bounds of z and of -z, [chunk, 2 units]."""
        network = self.network
        bias, units = network.biases[layer], len(network.biases[layer])
        below, apart, intercept = lines[layer - 1]
        count = len(below)

        # The layer's own weights are the same at all points: the lines are multiplied into them.
        signed, negative = self.signed[layer], self.negative[layer]
        bound = intercept @ negative.T + torch.cat([bias, -bias])
        rows = self.rows(0, count, 2 * units, signed.shape[1])
        torch.mul(signed, below[:, None, :], out=rows)
        rows.addcmul_(negative, apart[:, None, :])

        for under in range(layer - 1, 0, -1):
            bound += rows @ network.biases[under]
            weight = network.weights[under]
            pulled = self.rows(1, count, 2 * units, weight.shape[1])
            torch.mm(rows.flatten(0, 1), weight, out=pulled.flatten(0, 1))
            below, apart, intercept = lines[under - 1]
            negative = self.rows(0, count, 2 * units, weight.shape[1])
            torch.clamp(pulled, max=0, out=negative)
            bound += products(negative, intercept)
            torch.mul(pulled, below[:, None, :], out=pulled)
            rows = torch.addcmul(pulled, negative, apart[:, None, :], out=negative)

        # The affine form that is left has the value rows z_1(x) at the center.
        bound += products(rows, pre[0])
        pulled = self.rows(1, count, 2 * units, network.factor.shape[1])
        torch.mm(rows.flatten(0, 1), network.factor, out=pulled.flatten(0, 1))
        return bound - self.radius * torch.linalg.vector_norm(pulled, dim=2)

    def rows(self, buffer, *shape):
        size = shape[0] * shape[1] * shape[2]
        return self.buffers[buffer][:size].view(shape)


def products(rows, vectors):
    """Each point's rows times its vector; nine times as fast this way around."""
    return torch.bmm(vectors[:, None, :], rows.transpose(1, 2))[:, 0]


def relaxation(low, up):
    """Slope below, what the slope above is more, and the intercept above, of a ReLU between its bounds."""
    active, unstable = low >= 0, (low < 0) & (up > 0)
    chord = torch.where(unstable, up / (up - low), active.float())
    below = torch.where(unstable, (up > -low).float(), active.float())
    return below, chord - below, torch.where(unstable, -low * chord, torch.zeros(()))


def chunks(count, size):
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


def fastest(make, count):
    """With the chunk that takes least time on this machine; the first run of each only warms up."""
    best, found = float("inf"), None
    for chunk in (2, 4, 8, 16, 32):
        measure = make(chunk)
        measure(count)
        took = min(timed(measure, count)[0] for _ in range(2))
        if took < best:
            best, found = took, measure
    return found


def timed(measure, count):
    start = time.perf_counter()
    result = measure(count)
    return (time.perf_counter() - start) * 1000, result


def main(folder):
    network = Network(folder)
    count = len(network.points)
    measures = {}
    for line in sys.stdin:
        request = json.loads(line)
        key = (request["measure"], request.get("radius"))
        if key not in measures:
            kind, *rest = (Distance,) if key[0] == "distance" else (Crown, key[1])
            measures[key] = fastest(lambda chunk: kind(network, chunk, *rest), min(count, 64))
        milliseconds, result = timed(measures[key], count)
        if "save" in request:
            with open(request["save"], "wb") as file:
                for values in result:
                    file.write(values.contiguous().numpy().tobytes())
        answer = {"milliseconds": milliseconds, "chunk": measures[key].chunk}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    with torch.inference_mode():
        print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
        main(sys.argv[1])
