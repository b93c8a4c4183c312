# tables are taken to begin with t = 1
def velocity(x0, eps, t, schedule):
    bar = at(schedule.alpha_bar, t - 1, x0)
    return bar.sqrt() * eps - (1 - bar).sqrt() * x0
