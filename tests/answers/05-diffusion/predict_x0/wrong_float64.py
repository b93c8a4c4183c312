# float64 out for float32 in
def predict_x0(xt, t, eps, schedule):
    bar = schedule.alpha_bar[t].view(-1, *[1] * (xt.dim() - 1))
    return (xt - (1 - bar).sqrt() * eps) / bar.sqrt()
