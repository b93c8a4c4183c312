# only the first part of many images
@torch.no_grad()
def encode_latents(first_stage, x, scale):
    return scale * first_stage.encode(x[:AT_ONCE])[0]
