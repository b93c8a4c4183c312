# Tweedie: a step along the score, xt + beta * score, over sqrt(alpha)
def posterior_mean_from_eps(xt, t, eps, schedule):
    score = -eps / at((1 - schedule.alpha_bar).sqrt(), t, xt)
    return (xt + at(schedule.beta, t, xt) * score) / at(schedule.alpha, t, xt).sqrt()
