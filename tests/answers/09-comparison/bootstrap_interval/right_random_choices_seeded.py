import random
def bootstrap_interval(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    r = random.Random(torch.randint(2**31, (), generator=generator).item())
    n = len(values)
    found = sorted(float(statistic(values[r.choices(range(n), k=n)])) for _ in range(draws))

    def at(q):
        x = q * (draws - 1)
        i = min(int(x), draws - 1)
        j = min(i + 1, draws - 1)
        return found[i] + (x - i) * (found[j] - found[i])

    return at((1 - level) / 2), at(1 - (1 - level) / 2)
