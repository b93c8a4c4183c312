def predict_x0(xt, t, eps, schedule):
    bar = schedule.alpha_bar[t].view(-1, *[1] * (xt.dim() - 1)).to(xt.dtype)
    return bar.rsqrt() * xt - (1 / bar - 1).sqrt() * eps
