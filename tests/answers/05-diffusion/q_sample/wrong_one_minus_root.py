# 1 - sqrt(alpha_bar) for sqrt(1 - alpha_bar)
def q_sample(x0, t, eps, schedule):
    root = at(schedule.alpha_bar, t, x0).sqrt()
    return root * x0 + (1 - root) * eps
