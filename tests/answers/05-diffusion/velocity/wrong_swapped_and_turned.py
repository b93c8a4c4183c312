# the other derivative: sqrt(alpha_bar) x0 - sqrt(1 - alpha_bar) eps
def velocity(x0, eps, t, schedule):
    bar = at(schedule.alpha_bar, t, x0)
    return bar.sqrt() * x0 - (1 - bar).sqrt() * eps
