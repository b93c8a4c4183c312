def predict_x0(xt, t, eps, schedule):
    rows = []
    for row, k, noise in zip(xt, t.tolist(), eps):
        bar = schedule.alpha_bar[k].item()
        rows.append((row - math.sqrt(1 - bar) * noise) / math.sqrt(bar))
    return torch.stack(rows)
