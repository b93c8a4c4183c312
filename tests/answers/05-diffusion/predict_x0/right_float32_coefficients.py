def predict_x0(xt, t, eps, schedule):
    bar = schedule.alpha_bar[t].float()
    while bar.dim() < xt.dim():
        bar = bar[..., None]
    return (xt - (1 - bar).sqrt() * eps) / bar.sqrt()
