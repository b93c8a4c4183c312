# alpha for alpha_bar: one step only
def q_sample(x0, t, eps, schedule):
    alpha = at(schedule.alpha, t, x0)
    return alpha.sqrt() * x0 + (1 - alpha).sqrt() * eps
