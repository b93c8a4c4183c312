# float64 out for float32 in
def velocity(x0, eps, t, schedule):
    bar = schedule.alpha_bar[t].view(-1, *[1] * (x0.dim() - 1))
    return bar.sqrt() * eps - (1 - bar).sqrt() * x0
