# the square root of 1 - alpha_bar is missing
def velocity(x0, eps, t, schedule):
    bar = at(schedule.alpha_bar, t, x0)
    return bar.sqrt() * eps - (1 - bar) * x0
