# the two coefficients are swapped
def velocity(x0, eps, t, schedule):
    bar = at(schedule.alpha_bar, t, x0)
    return (1 - bar).sqrt() * eps - bar.sqrt() * x0
