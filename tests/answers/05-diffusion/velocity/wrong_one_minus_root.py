# 1 - sqrt(alpha_bar) for sqrt(1 - alpha_bar)
def velocity(x0, eps, t, schedule):
    root = at(schedule.alpha_bar, t, x0).sqrt()
    return root * eps - (1 - root) * x0
