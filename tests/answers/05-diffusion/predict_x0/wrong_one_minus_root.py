# 1 - sqrt(alpha_bar) for sqrt(1 - alpha_bar)
def predict_x0(xt, t, eps, schedule):
    root = at(schedule.alpha_bar, t, xt).sqrt()
    return (xt - (1 - root) * eps) / root
