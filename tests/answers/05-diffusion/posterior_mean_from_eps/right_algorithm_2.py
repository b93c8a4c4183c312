def posterior_mean_from_eps(xt, t, eps, schedule):
    shrink = at(schedule.beta / (1 - schedule.alpha_bar).sqrt().clamp(min=1e-300), t, xt)
    return (xt - shrink * eps) / at(schedule.alpha.sqrt(), t, xt)
