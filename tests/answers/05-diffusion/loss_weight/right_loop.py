def loss_weight(t, schedule, predicts="eps"):
    out = []
    for k in t.tolist():
        now, before = float(schedule.alpha_bar[k]), float(schedule.alpha_bar[k - 1])
        w = 0.5 * (before / (1 - before) - now / (1 - now))
        if predicts == "eps":
            w *= (1 - now) / now
        elif predicts == "v":
            w *= 1 - now
        out.append(w)
    return torch.tensor(out)
