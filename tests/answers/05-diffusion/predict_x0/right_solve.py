# q_sample is linear in x0: take off what it makes of x0 = 0, divide by what it makes of 1
def predict_x0(xt, t, eps, schedule):
    shift = q_sample(torch.zeros_like(xt), t, eps, schedule)
    scale = q_sample(torch.ones_like(xt), t, torch.zeros_like(xt), schedule)
    return (xt - shift) / scale
