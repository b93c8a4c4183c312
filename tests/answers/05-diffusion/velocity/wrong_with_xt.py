# xt where x0 belongs
def velocity(x0, eps, t, schedule):
    bar = at(schedule.alpha_bar, t, x0)
    xt = bar.sqrt() * x0 + (1 - bar).sqrt() * eps
    return bar.sqrt() * eps - (1 - bar).sqrt() * xt
