# float64 out for float32 in
def q_sample(x0, t, eps, schedule):
    bar = schedule.alpha_bar[t].view(-1, *[1] * (x0.dim() - 1))
    return bar.sqrt() * x0 + (1 - bar).sqrt() * eps
