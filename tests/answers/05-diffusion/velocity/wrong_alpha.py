# alpha for alpha_bar
def velocity(x0, eps, t, schedule):
    alpha = at(schedule.alpha, t, x0)
    return alpha.sqrt() * eps - (1 - alpha).sqrt() * x0
