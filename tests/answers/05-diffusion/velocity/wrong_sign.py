# the sign is turned
def velocity(x0, eps, t, schedule):
    bar = at(schedule.alpha_bar, t, x0)
    return (1 - bar).sqrt() * x0 - bar.sqrt() * eps
