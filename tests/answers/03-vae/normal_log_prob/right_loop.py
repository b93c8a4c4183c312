def normal_log_prob(x, mu, logvar):
    out = []
    for xi, mi, li in zip(x, mu, logvar):
        total = 0.0
        for a, m, l in zip(xi.flatten(), mi.flatten(), li.flatten()):
            total = total - (a - m) ** 2 / (2 * l.exp()) - l / 2 - math.log(2 * math.pi) / 2
        out.append(total)
    return torch.stack(out)
