# cosine and sine
def predict_x0(xt, t, eps, schedule):
    angle = torch.acos(schedule.alpha_bar.sqrt())[t].reshape([len(t)] + [1] * (xt.ndim - 1))
    return (xt / angle.cos() - angle.tan() * eps).to(xt.dtype)
