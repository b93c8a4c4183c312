def q_sample(x0, t, eps, schedule):
    rows = []
    for row, k, noise in zip(x0, t.tolist(), eps):
        bar = float(schedule.alpha_bar[k])
        rows.append(row * bar**0.5 + noise * (1 - bar) ** 0.5)
    return torch.stack(rows)
