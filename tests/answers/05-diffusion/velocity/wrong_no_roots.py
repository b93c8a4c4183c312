# both square roots are missing
def velocity(x0, eps, t, schedule):
    bar = at(schedule.alpha_bar, t, x0)
    return bar * eps - (1 - bar) * x0
