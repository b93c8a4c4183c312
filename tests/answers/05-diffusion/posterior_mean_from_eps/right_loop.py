def posterior_mean_from_eps(xt, t, eps, schedule):
    rows = []
    for i, k in enumerate(t):
        alpha, bar = schedule.alpha[k], schedule.alpha_bar[k]
        rows.append(xt[i] / alpha.sqrt() - eps[i] * (1 - alpha) / (alpha * (1 - bar)).sqrt())
    return torch.stack(rows)
