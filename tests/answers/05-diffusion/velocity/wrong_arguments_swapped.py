# x0 and eps come in the other order
def velocity(eps, x0, t, schedule):
    bar = at(schedule.alpha_bar, t, x0)
    return bar.sqrt() * eps - (1 - bar).sqrt() * x0
