# alpha for alpha_bar: one step back only
def predict_x0(xt, t, eps, schedule):
    alpha = at(schedule.alpha, t, xt)
    return (xt - (1 - alpha).sqrt() * eps) / alpha.sqrt()
