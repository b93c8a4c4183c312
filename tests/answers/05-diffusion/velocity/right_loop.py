def velocity(x0, eps, t, schedule):
    rows = []
    for i in range(x0.shape[0]):
        bar = schedule.alpha_bar[t[i]]
        rows.append(bar**0.5 * eps[i] - (1 - bar) ** 0.5 * x0[i])
    return torch.stack(rows)
